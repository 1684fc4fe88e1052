"""`python -m paceport`."""

from paceport.quick import main

main()
