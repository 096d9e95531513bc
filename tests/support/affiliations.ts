import type { Stack } from '@/tests/support/portal'

/** One employment as a file of one row has it, with something else in it where the test wants that. */
export const row = (orcid: string, other: Record<string, string> = {}) => ({
  orcid,
  type: 'employment',
  title: 'Lecturer',
  department: 'Physics',
  start: '2021-03',
  end: '',
  external_id: 'hr-1',
  url: '',
  ...other,
})

export type Row = ReturnType<typeof row>

/** Rows as a file. */
export function toCsv(rows: readonly Record<string, string>[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [columns, ...rows.map((one) => columns.map((name) => one[name] ?? ''))]
    .map((cells) => cells.map(cell).join(','))
    .join('\n')
}

/** What is on a record of what this portal wrote, oldest first. */
export async function ourItems(registry: Stack['registry'], orcid: string) {
  const { items } = await registry.record(orcid)
  return items
    .filter(({ source }) => source?.clientId === registry.clientId)
    .map(({ putCode, section, content }) => ({ putCode: String(putCode), section, content }))
    .sort((a, b) => Number(a.putCode) - Number(b.putCode))
}
