"""Files with the habits of devices and apps: one module for each maker, one function for each habit."""
