import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { ItemLink, nameOf, who } from '@/app/staff/_components/attention'
import { AttentionButton } from '@/app/staff/_components/attention-button'
import type { ListedItem } from '@/app/staff/_components/attention-items'
import { field } from '@/app/staff/_components/fields'
import type { StaffActor } from '@/lib/actor'
import { daysAgo } from '@/lib/config/day'
import { may } from '@/lib/staff/abilities'

type Props = { item: ListedItem; actor: StaffActor; at: Date }

/** One thing that needs somebody: what it means, who has it, and what can be done about it here. */
export async function OpenItem({ item, actor, at }: Props) {
  const t = await getTranslations('staff.attention')
  const { key, hint, status } = item
  const isMine = status?.holder?.id === actor.staffId
  const way = { item, at }
  const now = new Date()
  return (
    <li id={key} className="card space-y-3 scroll-mt-6">
      <div>
        <ItemLink item={item} />
        <p className="note max-w-[65ch]! ps-5">{hint}</p>
        <Holder item={item} isMine={isMine} />
      </div>
      {may(actor, 'takeAttention') ? (
        <div className="no-print flex flex-wrap items-center gap-x-3 gap-y-2 ps-5">
          <AttentionButton {...way} action={isMine ? 'release' : 'take'} />
          <AttentionButton {...way} action="done" />
          <AttentionButton {...way} action="put_off">
            <label className="flex items-center gap-2 text-sm">
              <span className="note">{t('until')}</span>
              <input
                type="date"
                name="until"
                required
                min={daysAgo(-1, now)}
                max={daysAgo(-90, now)}
                defaultValue={daysAgo(-7, now)}
                className={`${field} w-auto!`}
              />
            </label>
          </AttentionButton>
        </div>
      ) : null}
    </li>
  )
}

async function Holder({ item: { status }, isMine }: { item: ListedItem; isMine: boolean }) {
  const t = await getTranslations('staff.attention')
  const { holder, heldAt, settledAt, settledBy, until } = status ?? {}
  return (
    <>
      {holder && heldAt ? (
        <p className="ps-5 text-sm">
          {t.rich(isMine ? 'mineSince' : 'heldSince', {
            name: nameOf(holder),
            who,
            when: () => <When key="when" at={heldAt} />,
          })}
        </p>
      ) : null}
      {settledAt && settledBy ? (
        <p className="note ps-5">
          {t.rich(until ? 'backFromPutOff' : 'backAfterDone', {
            name: nameOf(settledBy),
            who,
            when: () => <When key="when" at={settledAt} />,
          })}
        </p>
      ) : null}
    </>
  )
}
