import { getFormatter, getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { ItemLink, nameOf, who } from '@/app/staff/_components/attention'
import { AttentionButton } from '@/app/staff/_components/attention-button'
import type { ListedItem } from '@/app/staff/_components/attention-items'
import type { StaffActor } from '@/lib/actor'
import { may } from '@/lib/staff/abilities'

type Props = { item: ListedItem; actor: StaffActor; at: Date }

/** Something that is done or put off: by whom, and until when. */
export async function SettledItem({ item, actor, at }: Props) {
  const t = await getTranslations('staff.attention')
  const format = await getFormatter()
  const { settledBy, settledAt, until } = item.status ?? {}
  if (!settledBy || !settledAt) return null
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-2">
      <div className="min-w-0 flex-1">
        <ItemLink item={item} />
        <p className="note ps-5">
          {t.rich(until ? 'putOffBy' : 'doneBy', {
            name: nameOf(settledBy),
            day: until ? format.dateTime(until, { dateStyle: 'long', timeZone: 'UTC' }) : '',
            who,
            when: () => <When key="when" at={settledAt} />,
          })}
        </p>
      </div>
      {may(actor, 'takeAttention') ? <AttentionButton item={item} at={at} action="reopen" /> : null}
    </li>
  )
}
