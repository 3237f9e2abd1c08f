"""What several rooms call. Compiled kernels lie in the room they serve, in files that start with `_`.

runtime    how kernels are compiled, and bands of rows on threads
arguments  pictures in the form that kernels take
channels   the lowest and the highest of a pixel's channels
downscale  pictures made smaller by a whole factor
light      light by blocks; wide blurs
"""
