/** `unavailable`: ORCID could not be asked, or gave no usable answer. `id_token_invalid`: what it said must not be believed. */
export type OrcidErrorCode = 'unavailable' | 'id_token_invalid'

const messages: Record<OrcidErrorCode, string> = {
  unavailable: 'ORCID gave no usable answer',
  id_token_invalid: 'The id_token from ORCID is not valid',
}

/**
 * A failure at the border to ORCID that callers cannot go on from.
 *
 * `reason` is one of our own fixed words. Nothing that ORCID sent and no underlying error is attached, because ORCID's
 * descriptions quote the access token and the code, and a `cause` ends up in logs.
 */
export class OrcidError extends Error {
  override readonly name = 'OrcidError'

  constructor(
    readonly code: OrcidErrorCode,
    readonly reason: string,
  ) {
    super(`${messages[code]} (${reason})`)
  }
}
