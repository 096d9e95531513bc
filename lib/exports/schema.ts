import { z } from 'zod'
import { exportColumns } from '@/lib/exports/column'
import { type DnTemplate, parseDnTemplate } from '@/lib/exports/dn'
import { type CsvOptions, type ExportFormat, exportFormats } from '@/lib/exports/encoder'
import { readAll, type SearchParams } from '@/lib/search'

export type FileOptions = CsvOptions & {
  format: ExportFormat
  /** Null for the usual ones. */
  columns: string[] | null
  /** Where people stand in the directory, for LDIF. */
  dn: DnTemplate | null
}

export type OptionName = 'format' | 'separator' | 'bom' | 'column' | 'dn'

const one = <Schema extends z.ZodType>(schema: Schema) => z.array(z.string()).max(1).transform(([text]) => text).pipe(schema)

const options: Record<OptionName, z.ZodType> = {
  format: one(z.enum(exportFormats)),
  separator: one(z.enum(['comma', 'semicolon']).optional()),
  bom: one(z.enum(['yes', 'no']).optional()),
  column: z.array(z.enum(exportColumns.map(({ name }) => name))),
  dn: one(
    z
      .string()
      .transform((text) => parseDnTemplate(text))
      .refine((dn) => dn !== null)
      .optional(),
  ),
}

/**
 * How a file is to be written, from an address: `format`, `separator` and `bom` of CSV, `column` again and again, `dn` of
 * LDIF. The name of the first that was not understood, or that is missing, instead.
 */
export function parseFileOptions(searchParams: SearchParams): { options: FileOptions } | { fault: OptionName } {
  const values: Partial<Record<OptionName, unknown>> = {}
  for (const name of Object.keys(options) as OptionName[]) {
    const parsed = options[name].safeParse(readAll(searchParams, name))
    if (!parsed.success) return { fault: name }
    values[name] = parsed.data
  }
  const columns = values.column as string[]
  const format = values.format as ExportFormat
  const dn = (values.dn as DnTemplate | undefined) ?? null
  if (format === 'ldif' && !dn) return { fault: 'dn' }
  return {
    options: {
      format,
      separator: values.separator === 'semicolon' ? ';' : ',',
      bom: values.bom !== 'no',
      columns: columns.length > 0 ? columns : null,
      dn,
    },
  }
}
