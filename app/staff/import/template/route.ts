import { requireStaff } from '@/lib/auth/gates'
import { readRoute } from '@/lib/http/route'
import { affiliationFields, importKinds, peopleFields, workFields } from '@/lib/imports/columns'

const templates = {
  people: { file: 'roster.csv', columns: peopleFields.filter((field) => field !== 'name') },
  affiliations: {
    file: 'affiliations.csv',
    columns: affiliationFields.filter((field) => field !== 'id' && field !== 'put_code'),
  },
  works: { file: 'works.csv', columns: workFields },
}

/** A file to fill in. */
export const GET = readRoute('none', async (query) => {
  await requireStaff('importPeople')
  const { file, columns } = templates[importKinds.find((kind) => kind === query.get('kind')) ?? 'people']
  return new Response(`\uFEFF${columns.join(',')}\r\n`, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${file}"`,
      'Cache-Control': 'no-store',
    },
  })
})
