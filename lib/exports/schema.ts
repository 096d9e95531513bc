import { z } from 'zod'
import { exportColumns } from '@/lib/exports/column'
import { type DnTemplate, parseDnTemplate } from '@/lib/exports/dn'
import { type ExportFormat, exportFormats } from '@/lib/exports/format'
import { readAll, type SearchParams } from '@/lib/list/search'

export type FileOptions = {
  format: ExportFormat
  separator: ',' | ';'
  bom: boolean
  /** Null for the usual ones. */
  columns: string[] | null
  /** For LDIF. */
  dn: DnTemplate | null
}

const names = exportColumns.map(({ name }) => name)
const optionalEnum = <const Value extends string>(values: readonly Value[]) =>
  z.union([z.tuple([]), z.tuple([z.enum(values)])]).transform(([value]) => value)

const fields = z.object({
  format: z.tuple([z.enum(exportFormats)]).transform(([format]) => format),
  separator: optionalEnum(['comma', 'semicolon']),
  bom: optionalEnum(['yes', 'no']),
  column: z.array(z.enum(names)),
})

export type OptionName = keyof z.infer<typeof fields> | 'dn'

/** `column` may repeat. `fault` names the first parameter that is invalid or missing. */
export function parseFileOptions(searchParams: SearchParams): { options: FileOptions } | { fault: OptionName } {
  const values = Object.keys(fields.shape).map((name) => [name, readAll(searchParams, name)])
  const parsed = fields.safeParse(Object.fromEntries(values))
  if (!parsed.success) return { fault: parsed.error.issues[0]?.path[0] as OptionName }
  const { format, separator, bom, column } = parsed.data
  // The form sends `dn` with every format.
  const dn = format === 'ldif' ? parseDnTemplate(readAll(searchParams, 'dn').join('\n')) : null
  if (format === 'ldif' && !dn) return { fault: 'dn' }
  const columns = column.length > 0 ? column : null
  return { options: { format, separator: separator === 'semicolon' ? ';' : ',', bom: bom !== 'no', columns, dn } }
}
