export type Registry = 'production' | 'sandbox' | 'local'

// Reject look-alikes of these two hosts. The comparison below rejects a lower-case check character.
const WRITTEN_ID = /^(?:https?:\/\/(?:sandbox\.)?orcid\.org\/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/i

/** Reads a bare iD or its URI at (sandbox.)orcid.org. Repairs no spaces, hyphens or lower-case x: returns null. */
export function parseOrcid(input: string): string | null {
  const orcid = WRITTEN_ID.exec(input)?.[1]
  return orcid && checkCharacter(orcid) === orcid.at(-1) ? orcid : null
}

const scheme = String.raw`(?:https?:\/\/)?(?:(?:www|sandbox)\.)?orcid\.org\/`
const pasted = new RegExp(
  String.raw`^[\p{P}<]*(?:orcid(?:id)?:?)?(?:${scheme})?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dx])(?:\/?[?#].*|[\p{P}>]*)$`,
  'iu',
)

/**
 * Finds the iD in what somebody typed or pasted: any URL of ORCID's, spaces, other dashes or none, brackets, quotes,
 * `orcid:`, invisible characters, a lower-case x. Returns null if the check character is wrong.
 */
export function findOrcid(text: string): string | null {
  return parseOrcid(readGroups(text))
}

/** Whether it has the form of an iD, whose check character must then be wrong if `findOrcid` finds none. */
export const looksLikeOrcid = (text: string): boolean => WRITTEN_ID.test(readGroups(text))

function readGroups(text: string): string {
  const plain = text
    .slice(0, 300)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Z}\s]/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
  const [, ...groups] = pasted.exec(plain) ?? []
  return groups.join('-').toUpperCase()
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
