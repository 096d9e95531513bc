import { getTranslations } from 'next-intl/server'
import { Period } from '@/app/_components/affiliation'
import type { Preview } from '@/lib/affiliations/drafts'

const mostRows = 200

/** The rows that cannot be taken over, each with its line and what is wrong with it. */
export async function BadRows({ preview: { faulty, obstructed } }: { preview: Preview }) {
  const t = await getTranslations('staff.affiliations.preview')
  const words = await getTranslations('affiliation')
  const rows = [
    ...faulty.map(({ line, faults }) => ({
      line,
      what: faults.map(({ field, code }) => `${field}: ${words(`faults.${code}`)}`),
    })),
    ...obstructed.map(({ entry, obstacle }) => ({ line: entry.line, what: [words(`faults.${obstacle}`)] })),
  ].sort((a, b) => a.line - b.line)
  if (rows.length === 0) return null
  return (
    <section aria-labelledby="bad" className="space-y-3">
      <h2 id="bad">{t('bad', { count: rows.length })}</h2>
      <ul className="card card-list">
        {rows.slice(0, mostRows).map(({ line, what }) => (
          <li key={line} className="grid gap-x-6 py-2 sm:grid-cols-[6rem_1fr]">
            <span className="font-medium tabular-nums">{t('line', { line })}</span>
            <span className="[overflow-wrap:anywhere]">{what.join(' ')}</span>
          </li>
        ))}
      </ul>
      {rows.length > mostRows ? <p className="note">{t('more', { count: rows.length - mostRows })}</p> : null}
    </section>
  )
}

/** The rows that can be taken over, and what that would do to each. */
export async function GoodRows({ preview: { good } }: { preview: Preview }) {
  const t = await getTranslations('staff.affiliations.preview')
  const words = await getTranslations('affiliation')
  if (good.length === 0) return null
  return (
    <section aria-labelledby="good" className="space-y-3">
      <h2 id="good">{t('good', { count: good.length })}</h2>
      <ul className="card card-list">
        {good.slice(0, mostRows).map(({ entry: { line, item }, name, orcid, verdict, waitsFor }) => (
          <li key={line} className="grid gap-x-6 gap-y-1 py-2 sm:grid-cols-[8rem_minmax(0,1fr)_minmax(0,1fr)]">
            <span>
              <span className="font-medium">{t(`verdicts.${verdict}`)}</span>
              {waitsFor && verdict !== 'unchanged' ? (
                <span className="note block">{t(`waits.${waitsFor}`)}</span>
              ) : null}
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {item.title}
              <span className="note block">
                {words(`kinds.${item.kind}`)}
                {item.department ? ` · ${item.department}` : ''}
              </span>
            </span>
            <span className="min-w-0 text-sm">
              {orcid ? <code className="whitespace-nowrap">{orcid}</code> : <bdi translate="no">{name}</bdi>}
              <span className="note block">
                <Period startOn={item.startOn} endOn={item.endOn} />
              </span>
            </span>
          </li>
        ))}
      </ul>
      {good.length > mostRows ? <p className="note">{t('more', { count: good.length - mostRows })}</p> : null}
    </section>
  )
}
