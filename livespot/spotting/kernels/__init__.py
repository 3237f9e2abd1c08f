"""The kernels that several rooms call, compiled by numba; those of one room lie in it, in files that start with `_`.

runtime    how kernels are compiled, and bands of rows on threads
arguments  pictures in the form that kernels take
downscale  pictures made smaller by a whole factor
light      light by blocks; wide blurs
masks      masks grown by squares
crops      what regions are measured and told by
"""
