/** What the institution knows of somebody; null where it does not. */
export type InstitutionDetails = { department: string | null; localId: string | null }

export const detailCharsMax = 200

/** One line of what somebody typed or a system sent: null where nothing is left, cut where it is too long. */
export function parseDetail(given: string): string | null {
  const text = given
    .normalize('NFC')
    .replace(/(?![\u200c\u200d])[\p{Cf}\p{Cs}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return [...text].slice(0, detailCharsMax).join('').trimEnd() || null
}
