/** `unavailable`: no usable answer from ORCID. `id_token_invalid`: do not trust the answer. */
export type OrcidErrorCode = 'unavailable' | 'id_token_invalid'

const messages: Record<OrcidErrorCode, string> = {
  unavailable: 'ORCID gave no usable answer',
  id_token_invalid: 'The id_token from ORCID is not valid',
}

/** `reason` is a fixed word of ours. ORCID's texts quote tokens and codes, and a `cause` would reach the logs. */
export class OrcidError extends Error {
  override readonly name = 'OrcidError'

  constructor(
    readonly code: OrcidErrorCode,
    readonly reason: string,
  ) {
    super(`${messages[code]} (${reason})`)
  }
}
