import { actor, ListOf } from '@/bench/pages/list-of'
import { listDepartments } from '@/lib/researchers/departments'
import { listResearchers } from '@/lib/researchers/queries'
import { noFilters } from '@/lib/researchers/schema'

let kept: ReturnType<typeof read> | undefined

const read = () => Promise.all([listResearchers(actor, noFilters), listDepartments(actor)])

/** What the list costs when nothing is asked of a database and nobody is signed in: its own rows, read once. */
export default async function LimitPage() {
  kept ??= read()
  const [page, departments] = await kept
  return <ListOf page={page} departments={departments} filters={noFilters} />
}
