/** Where the record of an iD lives: the two public registries, or one that runs on this machine. */
export type Registry = 'production' | 'sandbox' | 'local'

// Only these two hosts name records; a look-alike must not pass for one of them. Schemes and hosts ignore case. The check
// character does not, but that is for the comparison below to notice.
const WRITTEN_ID = /^(?:https?:\/\/(?:sandbox\.)?orcid\.org\/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/i

/**
 * Reads an ORCID iD, bare or as a URI (http or https) of orcid.org or sandbox.orcid.org.
 *
 * @returns the bare iD (`0000-0002-1825-0097`), or null when the text is anything else or its check character is wrong.
 * Nothing is repaired: surrounding or inner spaces, missing hyphens and a lower-case x are all refused.
 */
export function parseOrcid(input: string): string | null {
  const orcid = WRITTEN_ID.exec(input)?.[1]
  return orcid && checkCharacter(orcid) === orcid.at(-1) ? orcid : null
}

/**
 * The URI under which an iD is shown, stored in exports and linked. ORCID asks for https and for the whole URI.
 * A local registry has no public address of its own, so its iDs are shown like those of production.
 */
export function orcidUri(orcid: string, registry: Registry): string {
  return registry === 'sandbox' ? `https://sandbox.orcid.org/${orcid}` : `https://orcid.org/${orcid}`
}

/**
 * ISO/IEC 7064 MOD 11-2 over the first fifteen digits.
 * https://support.orcid.org/hc/en-us/articles/360006897674-Structure-of-the-ORCID-Identifier
 */
function checkCharacter(orcid: string): string {
  let total = 0
  for (const digit of orcid.replaceAll('-', '').slice(0, 15)) total = (total + Number(digit)) * 2
  const remainder = (12 - (total % 11)) % 11
  return remainder === 10 ? 'X' : String(remainder)
}
