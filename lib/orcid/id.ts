export type Registry = 'production' | 'sandbox' | 'local'

// Reject look-alikes of these two hosts. The comparison below rejects a lower-case check character.
const WRITTEN_ID = /^(?:https?:\/\/(?:sandbox\.)?orcid\.org\/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/i

/** Reads a bare iD or its URI at (sandbox.)orcid.org. Repairs no spaces, hyphens or lower-case x: returns null. */
export function parseOrcid(input: string): string | null {
  const orcid = WRITTEN_ID.exec(input)?.[1]
  return orcid && checkCharacter(orcid) === orcid.at(-1) ? orcid : null
}

/** ORCID requires the full https URI. Local iDs look like production iDs, as a local registry has no public address. */
export function orcidUri(orcid: string, registry: Registry): string {
  return registry === 'sandbox' ? `https://sandbox.orcid.org/${orcid}` : `https://orcid.org/${orcid}`
}

/** MOD 11-2: https://support.orcid.org/hc/en-us/articles/360006897674-Structure-of-the-ORCID-Identifier */
function checkCharacter(orcid: string): string {
  let total = 0
  for (const digit of orcid.replaceAll('-', '').slice(0, 15)) total = (total + Number(digit)) * 2
  const remainder = (12 - (total % 11)) % 11
  return remainder === 10 ? 'X' : String(remainder)
}
