"""All mutants, by what they break."""

from tests.mutants import accepting, answering, keeping, leasing, remembering, sending, tuning

MUTANTS = (
    *accepting.MUTANTS,
    *leasing.MUTANTS,
    *answering.MUTANTS,
    *sending.MUTANTS,
    *remembering.MUTANTS,
    *keeping.MUTANTS,
    *tuning.MUTANTS,
)
