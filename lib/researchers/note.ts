/** How long a note may be, in characters as people and PostgreSQL count them. */
export const noteCharsMax = 2_000

/**
 * The text of a note as it is kept: plain, lines ended in one way, without what cannot be seen or stored. Null where
 * nothing is left, and where it is too long.
 */
export function parseNoteText(given: string): string | null {
  const text = given
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
  return text && [...text].length <= noteCharsMax ? text : null
}
