/** Twenty years less a second for the road, as every token answer of ORCID says. */
export const TOKEN_LIFETIME_S = 631_138_518
