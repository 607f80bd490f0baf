"""All mutants, by what they break."""

from tests.mutants import accepting, answering, keeping, leasing, remembering, sending, trusting

MUTANTS = (
    *accepting.MUTANTS,
    *leasing.MUTANTS,
    *answering.MUTANTS,
    *sending.MUTANTS,
    *remembering.MUTANTS,
    *keeping.MUTANTS,
    *trusting.MUTANTS,
)
