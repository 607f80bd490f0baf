"""All mutants, by what they break."""

from tests.mutants import accepting, answering, following_up, keeping, leasing, remembering, sending, tuning

MUTANTS = (
    *accepting.MUTANTS,
    *leasing.MUTANTS,
    *answering.MUTANTS,
    *sending.MUTANTS,
    *following_up.MUTANTS,
    *remembering.MUTANTS,
    *keeping.MUTANTS,
    *tuning.MUTANTS,
)
