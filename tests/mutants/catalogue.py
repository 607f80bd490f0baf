"""All mutants, by what they break."""

from tests.mutants import accepting, answering, conversing, keeping, leasing, remembering, sending

MUTANTS = (
    *accepting.MUTANTS,
    *leasing.MUTANTS,
    *answering.MUTANTS,
    *sending.MUTANTS,
    *remembering.MUTANTS,
    *keeping.MUTANTS,
    *conversing.MUTANTS,
)
