"""All mutants, by what they break."""

from tests.mutants import (
    accepting,
    answering,
    channelling,
    conversing,
    following_up,
    keeping,
    leasing,
    remembering,
    sending,
    trusting,
    tuning,
)

MUTANTS = (
    *accepting.MUTANTS,
    *leasing.MUTANTS,
    *answering.MUTANTS,
    *sending.MUTANTS,
    *following_up.MUTANTS,
    *channelling.MUTANTS,
    *remembering.MUTANTS,
    *keeping.MUTANTS,
    *trusting.MUTANTS,
    *tuning.MUTANTS,
    *conversing.MUTANTS,
)
