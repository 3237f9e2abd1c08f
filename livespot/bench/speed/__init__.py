"""Speed, measured side by side: kernels, stages, a locked frame, the live loop."""
