import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { PermissionMarks } from '@/app/staff/researchers/_components/permission-marks'
import { orcidUri } from '@/lib/orcid/id'
import type { ShownResearcher } from '@/lib/researchers/queries'
import { isAuthenticated, toShownState } from '@/lib/researchers/researcher'

const cell = '@min-[56rem]:table-cell @min-[56rem]:h-11 @min-[56rem]:px-2 @min-[56rem]:py-1'

/** One person. The name's link covers the row; the iD lies above it and leads to ORCID. */
export async function ResearcherRow({ researcher, asked }: { researcher: ShownResearcher; asked: readonly string[] }) {
  const t = await getTranslations('staff')
  const { orcid, registry, name, connectedAt, expiresAt, lastCheckedAt } = researcher
  return (
    <tr className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-line border-b py-2.5 hover:bg-sunken @min-[56rem]:table-row">
      <td className={`${cell} min-w-0 @min-[56rem]:max-w-0 @min-[56rem]:w-[26%] @min-[56rem]:ps-0!`}>
        <a
          href={`/staff/researchers/${orcid}`}
          title={name ?? undefined}
          className="font-medium text-ink! no-underline! after:absolute after:inset-0 hover:underline!"
        >
          <span className="line-clamp-2 [overflow-wrap:anywhere] @min-[56rem]:line-clamp-1">
            {name ? <bdi>{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
          </span>
        </a>
      </td>
      <td className={`${cell} order-3 @min-[56rem]:whitespace-nowrap`}>
        <span className="relative z-1">
          <OrcidId
            uri={orcidUri(orcid, registry)}
            name={name}
            authenticated={isAuthenticated(researcher)}
            format="compact"
          />
        </span>
      </td>
      <td className={`${cell} order-2`}>
        <State state={toShownState(researcher, new Date())} />
      </td>
      <td className={`${cell} order-5`}>
        <span className="relative z-1 inline-block">
          <PermissionMarks asked={asked} live={researcher.liveScopes} />
        </span>
      </td>
      <Time at={connectedAt} label={t('list.columns.connected')} none={t('list.none')} place="order-4 text-end" />
      <Time at={expiresAt} label={t('list.columns.expires')} none={t('list.none')} place="order-6 text-end" />
      <Time at={lastCheckedAt} label={t('list.columns.checked')} none={t('list.never')} place="hidden" />
    </tr>
  )
}

type TimeProps = { at: Date | null; label: string; none: string; place: string }

function Time({ at, label, none, place }: TimeProps): ReactNode {
  return (
    <td className={`${cell} ${place} text-ink-soft @min-[56rem]:text-start @min-[56rem]:whitespace-nowrap`}>
      <span className="@min-[56rem]:hidden">{at ? `${label} ` : null}</span>
      {at ? <When at={at} /> : <span className="@max-[56rem]:hidden">{none}</span>}
    </td>
  )
}
