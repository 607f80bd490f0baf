"""All mutants, by what they break."""

from tests.mutants import accepting, answering, channelling, keeping, leasing, remembering, sending

MUTANTS = (
    *accepting.MUTANTS,
    *leasing.MUTANTS,
    *answering.MUTANTS,
    *sending.MUTANTS,
    *channelling.MUTANTS,
    *remembering.MUTANTS,
    *keeping.MUTANTS,
)
