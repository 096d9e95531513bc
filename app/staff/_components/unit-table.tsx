import { getFormatter, getTranslations } from 'next-intl/server'
import { Bar } from '@/app/staff/_components/charts/bar'
import { getShareWords } from '@/app/staff/_components/share-words'
import { unitHref } from '@/app/staff/_components/unit-href'
import { connectedFilter, ourPeople } from '@/lib/people/coverage'
import { peopleHref } from '@/lib/people/schema'
import type { Share, UnitSort } from '@/lib/people/units'
import { noDepartment } from '@/lib/researchers/schema'

export type UnitRow = Share & { path: string | null }

type Props = {
  caption: string
  units: readonly UnitRow[]
  /** How they are sorted, and where they are in another order. */
  sort: UnitSort
  sortHref: (sort: UnitSort) => string
  /** Only the share and the people, where there is little room. */
  short?: boolean
  /** The path that all of them lie below, which is not repeated. */
  below?: string
}

/** Departments with the share of their people who are connected: a bar is a share, and each number leads to its people. */
export async function UnitTable({ caption, units, sort, sortHref, short, below }: Props) {
  const t = await getTranslations('staff.departments')
  const head = { sort, sortHref }
  return (
    <table className={`figures with-bars unit-rows ${short ? 'short' : ''}`}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          <SortedHead {...head} name="name" words={t('heads.name')} first="name" />
          <SortedHead {...head} name="share" words={t('heads.share')} first="share" />
          {short ? null : (
            <>
              <th scope="col">{t('heads.connected')}</th>
              <th scope="col">{t('heads.missing')}</th>
            </>
          )}
          <SortedHead {...head} name="people" words={t('heads.people')} first="-people" />
        </tr>
      </thead>
      <tbody>
        {units.map((unit) => (
          <Row key={unit.path ?? ''} unit={unit} short={short} below={below} />
        ))}
      </tbody>
    </table>
  )
}

type HeadProps = Pick<Props, 'sort' | 'sortHref'> & { name: string; words: string; first: UnitSort }

/** A head that sorts by its column, the other way round if it already does. */
export function SortedHead({ sort, sortHref, name, words, first }: HeadProps) {
  const isSorted = sort.replace('-', '') === name
  const opposite = (sort.startsWith('-') ? name : `-${name}`) as UnitSort
  return (
    <th scope="col" aria-sort={isSorted ? (sort.startsWith('-') ? 'descending' : 'ascending') : undefined}>
      <a href={sortHref(isSorted ? opposite : first)}>
        {words}
        {isSorted ? <span aria-hidden="true">{sort.startsWith('-') ? ' ↓' : ' ↑'}</span> : null}
      </a>
    </th>
  )
}

async function Row({ unit, short, below }: { unit: UnitRow; short?: boolean; below?: string }) {
  const t = await getTranslations('staff.departments')
  const format = await getFormatter()
  const say = await getShareWords()
  const { path, people, connected } = unit
  const department = path ?? noDepartment
  const words = below && path ? path.slice(below.length) : path
  const number = (filters: Parameters<typeof ourPeople>[0], count: number) => (
    <td>
      <a href={peopleHref(ourPeople({ department, ...filters }))}>{format.number(count)}</a>
    </td>
  )
  return (
    <tr>
      <th scope="row">
        {path === null ? (
          t('none')
        ) : (
          <a href={unitHref(path)}>
            <bdi translate="no">{words}</bdi>
          </a>
        )}
        <Bar parts={[{ value: connected, look: 'full' }]} most={people} />
      </th>
      <td className="font-semibold">{people > 0 ? say(unit) : '–'}</td>
      {short ? null : (
        <>
          {number({ connection: connectedFilter() }, connected)}
          {number({ connection: 'missing' }, people - connected)}
        </>
      )}
      {number({}, people)}
    </tr>
  )
}
