/** Twenty years minus one second, as in ORCID's token answers. */
export const TOKEN_LIFETIME_S = 631_138_518
