import { stringify } from 'csv-stringify/sync'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { badRequestPage } from '@/lib/http/plain-page'
import { readRoute } from '@/lib/http/route'
import { findImport, listRefusedRows } from '@/lib/imports/queries'

const faults = z.array(z.object({ field: z.string().nullable(), code: z.string(), quoted: z.string() }))

/** The refused rows with a column that says why, to be mended and uploaded again. */
export const GET = readRoute('export', async (query) => {
  const actor = await requireStaff('importPeople')
  const id = z.uuid().safeParse(query.get('import'))
  const found = id.success ? await findImport(actor, id.data) : null
  if (!found) return badRequestPage()
  const t = await getTranslations('staff.imports')
  const fields = found.mapping.filter(Boolean)
  const rows = await listRefusedRows(actor, found.id)
  const lines = rows.map((row) => {
    const said = z.record(z.string(), z.string()).parse(row.fields)
    const reasons = (faults.safeParse(row.faults).data ?? []).map(({ field, code, quoted }) =>
      t(`rowFaults.${code}`, { field: field && t.has(`fields.${field}`) ? t(`fields.${field}`) : '', quoted }),
    )
    return [...fields.map((field) => said[field] ?? ''), reasons.join(' ')]
  })
  const text = stringify([[...fields, 'reason'], ...lines], { record_delimiter: '\r\n', escape_formulas: true })
  return new Response(`\uFEFF${text}`, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="refused.csv"',
      'Cache-Control': 'no-store',
    },
  })
})
