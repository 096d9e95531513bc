import { getTranslations } from 'next-intl/server'
import { Period } from '@/app/_components/affiliation'
import { PersonLink } from '@/app/staff/_components/person-link'
import type { JudgedRow, Preview } from '@/lib/affiliations/drafts'

/** Why what was entered cannot be written, where it was right when it was entered. */
export async function DraftFaults({ preview: { faulty, obstructed } }: { preview: Preview }) {
  const t = await getTranslations('affiliation')
  const codes = [
    ...faulty.flatMap(({ faults }) => faults.map(({ code }) => code)),
    ...obstructed.map(({ obstacle }) => obstacle),
  ]
  if (codes.length === 0) return null
  return (
    <ul className="card card-list" role="alert">
      {codes.map((code) => (
        <li key={code} className="py-2">
          {t(`faults.${code}`)}
        </li>
      ))}
    </ul>
  )
}

/** The entry, and what writing it would do. */
export async function DraftRow({ row }: { row: JudgedRow }) {
  const t = await getTranslations('staff.affiliations.preview')
  const words = await getTranslations('affiliation')
  const {
    entry: { item },
    name,
    orcid,
    personId,
    verdict,
    waitsFor,
  } = row
  return (
    <div className="card grid gap-x-6 gap-y-1 sm:grid-cols-[8rem_minmax(0,1fr)_minmax(0,1fr)]">
      <span>
        <span className="font-medium">{t(`verdicts.${verdict}`)}</span>
        {waitsFor && verdict !== 'unchanged' ? <span className="note block">{t(`waits.${waitsFor}`)}</span> : null}
      </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {item.title}
        <span className="note block">
          {words(`kinds.${item.kind}`)}
          {item.department ? ` · ${item.department}` : ''}
        </span>
      </span>
      <span className="min-w-0 text-sm">
        <PersonLink id={personId} orcid={orcid} name={name} />
        {orcid ? (
          <code translate="no" className="block whitespace-nowrap">
            {orcid}
          </code>
        ) : null}
        <span className="note block">
          <Period startOn={item.startOn} endOn={item.endOn} />
        </span>
      </span>
    </div>
  )
}
