import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { AffiliationState, Period } from '@/app/_components/affiliation'
import { OrcidBody } from '@/app/_components/orcid-body'
import { When } from '@/app/_components/when'
import { heldStates, openStates } from '@/lib/affiliations/affiliation'
import { toBody } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { canBePutBack } from '@/lib/affiliations/own-items'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
import { env } from '@/lib/config/env'
import { getOffice } from '@/lib/texts/asked'

const gone: readonly string[] = ['deleted', 'deleted_by_person']
const held: readonly string[] = heldStates

/** Who wrote with Member credentials and has only public ones now can take nothing away. */
export const canRemove = () => env().orcid.api === 'member'
export const isRemovable = ({ state, removal }: ShownAffiliation) => removal !== 'person' && !gone.includes(state)

/** Only a permission removes what is on the record; what waits is stopped here. */
export const needsToken = ({ putCode }: ShownAffiliation) => putCode !== null

/** `stop`: what the person did to the system that added it. */
type Props = { item: ShownAffiliation; stop?: 'paused' | 'stopped' | null; mayRemove?: boolean }

/** One entry for the person’s record, how far it has got, and what they can do about it. */
export async function MyItem({ item, stop = null, mayRemove = true }: Props) {
  const t = await getTranslations('me.items')
  const { id, title, state, removal, misplaced, addedAt, writtenAt, system } = item
  const isWaiting = removal === null && [...openStates, ...heldStates].some((one) => one === state)
  return (
    <Line item={item}>
      <span className="note block">
        {t.rich(writtenAt ? 'written' : 'added', {
          by: system?.name ?? (await getOffice()),
          when: () => <When key="when" at={writtenAt ?? addedAt} show="time" />,
        })}
      </span>
      {stop && system && isWaiting ? (
        <span className="note block">{t('stopped', { stop, system: system.name })}</span>
      ) : null}
      {misplaced ? <span className="note block">{t('misplaced')}</span> : null}
      {removal === 'person' ? (
        <span className="note block">
          {t(held.includes(state) ? 'askedInVain' : misplaced ? 'asked' : 'askedUnless')}
        </span>
      ) : null}
      {canRemove() && isRemovable(item) && mayRemove ? (
        <Decide action="/me/affiliations/removal" id={id} describedBy="removal-means">
          {t('remove')}
          <span className="sr-only"> {title}</span>
        </Decide>
      ) : null}
      {canRemove() && canBePutBack(item) ? (
        <Decide action="/me/items/put-back" id={id}>
          {t('putBack')}
          <span className="sr-only"> {title}</span>
        </Decide>
      ) : null}
    </Line>
  )
}

/** One entry that waits for the person’s word, with exactly what ORCID would receive. */
export async function AskedItem({ item }: { item: ShownAffiliation }) {
  const t = await getTranslations('me.question')
  const organisation = findOrganisation()
  return (
    <Line item={item}>
      {organisation ? (
        <details className="note min-w-0">
          <summary className="inline-flex min-h-6 items-center text-accent">
            {t('exactly')}
            <span className="sr-only"> {item.title}</span>
          </summary>
          <OrcidBody body={toBody(item, organisation, item.putCode)} />
        </details>
      ) : null}
      {canRemove() ? (
        <Decide action="/me/affiliations/removal" id={item.id} describedBy="wrong-means">
          {t('wrong')}
          <span className="sr-only"> {item.title}</span>
        </Decide>
      ) : null}
    </Line>
  )
}

async function Line({ item, children }: { item: ShownAffiliation; children: ReactNode }) {
  const words = await getTranslations('affiliation')
  const { kind, title, department, startOn, endOn, state } = item
  return (
    <li className="space-y-1 py-3">
      <span className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{title}</span>
        <AffiliationState state={state} />
      </span>
      <span className="note block">
        {words(`kinds.${kind}`)}
        {department ? ` · ${department}` : ''}
        {startOn ? ' · ' : ''}
        <Period kind={kind} startOn={startOn} endOn={endOn} />
      </span>
      {children}
    </li>
  )
}

type DecideProps = { action: string; id: string; describedBy?: string; children: ReactNode }

function Decide({ action, id, describedBy, children }: DecideProps) {
  return (
    <form method="post" action={action} className="no-print">
      <input type="hidden" name="affiliation" value={id} />
      <button type="submit" className="link-button min-h-8 text-sm" aria-describedby={describedBy}>
        {children}
      </button>
    </form>
  )
}
