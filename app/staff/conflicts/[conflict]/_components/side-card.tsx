import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import type { ShownSide } from '@/lib/people/conflict-queries'
import { isOnTheRoster } from '@/lib/people/person'
import { toProof, toShownState } from '@/lib/researchers/researcher'

/** What is known of one side, on the roster and at ORCID. */
export async function SideCard({ side }: { side: ShownSide }) {
  const t = await getTranslations('staff.conflicts')
  const { id, name, localId, email, department, orcid, registry, orcidName, knownOrcid, items, mergedIntoId } = side
  return (
    <section aria-labelledby={`side-${id}`} className="card min-w-0 space-y-3">
      <div>
        <p className="note">{t(isOnTheRoster(side) ? 'onRoster' : 'onlyId')}</p>
        <h2 id={`side-${id}`} className="[overflow-wrap:anywhere]">
          <PersonLink id={id} name={name} orcid={orcid} />
        </h2>
      </div>
      {mergedIntoId ? <p>{t('isMerged')}</p> : null}
      <dl className="grid gap-x-4 gap-y-1.5 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
        <Line name={t('facts.rosterName')}>{toText([side.givenName, side.familyName].filter(Boolean).join(' '))}</Line>
        {orcid ? <Line name={t('facts.orcidName')}>{toText(orcidName) ?? t('notPublic')}</Line> : null}
        <Line name={t('facts.localId')}>{toText(localId)}</Line>
        <Line name={t('facts.email')}>{toText(email)}</Line>
        <Line name={t('facts.department')}>{toText(department)}</Line>
        {orcid && registry ? (
          <Line name={t('facts.orcid')}>
            <OrcidId uri={orcidUri(orcid, registry)} name={name} format="compact" {...toProof(side)} />
          </Line>
        ) : null}
        {knownOrcid ? (
          <Line name={t('facts.knownOrcid')}>
            <OrcidId uri={orcidUri(knownOrcid, env().orcid.registry)} authenticated={false} format="compact" />
          </Line>
        ) : null}
        <Connection side={side} />
        <Line name={t('facts.items')}>{t('itemCounts', items)}</Line>
      </dl>
    </section>
  )
}

async function Connection({ side }: { side: ShownSide }) {
  const t = await getTranslations('staff.conflicts')
  const { connection, expiresAt, finding, firstConnectedAt, bindings } = side
  const [binding] = bindings
  if (!connection || !binding) return <Line name={t('facts.connection')}>{t('notConnected')}</Line>
  const { proof, madeAt, confirmedAt } = binding
  return (
    <>
      <Line name={t('facts.connection')}>
        <State state={toShownState({ state: connection, expiresAt, finding }, new Date())} />
      </Line>
      {firstConnectedAt ? (
        <Line name={t('facts.firstConnected')}>
          <When at={firstConnectedAt} show="date" />
        </Line>
      ) : null}
      <Line name={t('facts.binding')}>
        {t.rich(`proofs.${proof}`, { when: () => <When key="made" at={madeAt} show="date" /> })}
        {confirmedAt ? ` · ${t('theirWord')}` : null}
      </Line>
    </>
  )
}

const toText = (value: string | null) =>
  value ? (
    <bdi translate="no" className="[overflow-wrap:anywhere]">
      {value}
    </bdi>
  ) : null

function Line({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <div className="sm:contents">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
