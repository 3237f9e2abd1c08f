"""The map from panel A to panel B: features, a homography, a residual warp."""
