"""The simulated webcam: a desk, its light, a lens and a sensor, and a hand that does not hold still."""
