import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import type { ShownCall } from '@/lib/calls/queries'
import type { MySystem } from '@/lib/systems/mine'
import { getOffice } from '@/lib/texts/asked'

/** Which systems are new to the researcher. */
export async function NewSystems({ systems }: { systems: readonly MySystem[] }) {
  const [t, format] = await Promise.all([getTranslations('me.systems'), getFormatter()])
  return systems.flatMap(({ name, purpose, moreFrom, stop }) =>
    moreFrom && !stop
      ? [
          <Notice key={name}>
            {t('news', { system: name, purpose, day: format.dateTime(moreFrom, { dateStyle: 'long' }) })}{' '}
            <a href="/me/systems">{t('newsLink')}</a>
          </Notice>,
        ]
      : [],
  )
}

type OwnUse = { by: 'office' | 'you' | 'portal'; purpose: 'read' | 'affiliation'; times: number; lastAt: Date }

/** What we ourselves did. Other systems count their uses, and staff may see a record that is still in memory. */
function listOwnUses(calls: readonly ShownCall[], looksOfStaff: readonly Date[]): OwnUse[] {
  const answered = calls.filter(({ outcome, actorKind }) => outcome === 'ok' && actorKind !== 'api')
  const timesOf = (purpose: OwnUse['purpose'], isBy: (actorKind: string) => boolean) =>
    answered.filter((call) => call.purpose === purpose && isBy(call.actorKind)).map(({ at }) => at)
  const read = timesOf('read', (kind) => kind === 'staff')
  const uses = [
    { by: 'office', purpose: 'read', at: read.length > looksOfStaff.length ? read : looksOfStaff },
    { by: 'you', purpose: 'read', at: timesOf('read', (kind) => kind === 'researcher') },
    { by: 'portal', purpose: 'read', at: timesOf('read', (kind) => kind === 'system') },
    { by: 'portal', purpose: 'affiliation', at: timesOf('affiliation', () => true) },
  ] as const
  return uses.flatMap(({ at: [lastAt, ...earlier], ...use }) =>
    lastAt ? [{ ...use, times: earlier.length + 1, lastAt }] : [],
  )
}

type UsesProps = {
  systems: readonly MySystem[]
  calls: readonly ShownCall[]
  /** When staff looked at the record with the permission, newest first. */
  looksOfStaff: readonly Date[]
}

/** Who used the permissions lately, and for what: other systems, and the portal itself. */
export async function MyUses({ systems, calls, looksOfStaff }: UsesProps) {
  const t = await getTranslations('me')
  const words = await getTranslations('pieces.calls')
  const shown = systems.filter(({ covered, stop, uses }) => uses.length > 0 || (covered.length > 0 && !stop))
  const own = listOwnUses(calls, looksOfStaff)
  const names = { office: await getOffice(), you: t('uses.you'), portal: t('uses.portal') }
  return (
    <section aria-labelledby="uses" className="space-y-3">
      <h2 id="uses">{t('uses.title')}</h2>
      {shown.length + own.length === 0 ? (
        <p className="text-ink-soft">{t('uses.none')}</p>
      ) : (
        <ul className="card card-list">
          {shown.map(({ systemId, name, purpose, uses: [last] }) => (
            <Use key={systemId} name={<bdi translate="no">{name}</bdi>} lastAt={last?.lastAt ?? null}>
              <span dir="auto">{purpose}</span>
            </Use>
          ))}
          {own.map(({ by, purpose, times, lastAt }) => (
            <Use key={`${by} ${purpose}`} name={names[by]} lastAt={lastAt}>
              {words(`purposes.${purpose}`)} · {t('uses.times', { count: times })}
            </Use>
          ))}
        </ul>
      )}
      {systems.length > 0 ? (
        <p>
          <a href="/me/systems">{t('systems.link')}</a>
        </p>
      ) : null}
    </section>
  )
}

type UseProps = { name: ReactNode; lastAt: Date | null; children: ReactNode }

async function Use({ name, lastAt, children }: UseProps) {
  const t = await getTranslations('me.uses')
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-3">
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span className="font-medium">{name}</span>
        <span className="note block">{children}</span>
      </span>
      <span className="note">
        {lastAt ? t.rich('last', { when: () => <When key="last" at={lastAt} /> }) : t('never')}
      </span>
    </li>
  )
}
