import { getFormatter } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Bar } from '@/app/staff/_components/charts/bar'
import { getShareWords } from '@/app/staff/_components/share-words'
import type { Share } from '@/lib/people/units'

/** A group, its share with a bar, and its people. */
export async function ShareRow({ name, share }: { name: ReactNode; share: Share }) {
  const format = await getFormatter()
  const say = await getShareWords()
  return (
    <li>
      <span className="share-name">{name}</span>
      <Bar parts={[{ value: share.connected, look: 'full' }]} most={share.people} />
      <span className="share-number">{say(share)}</span>
      <span className="share-of">
        {format.number(share.connected)}/{format.number(share.people)}
      </span>
    </li>
  )
}
