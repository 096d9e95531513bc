import { useTranslations } from 'next-intl'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { type Mark, PermissionMarks } from '@/app/staff/researchers/_components/permission-marks'
import { orcidUri } from '@/lib/orcid/id'
import type { ShownResearcher } from '@/lib/researchers/queries'
import { toProof, toShownState } from '@/lib/researchers/researcher'

type Props = {
  researcher: ShownResearcher
  /** Null where nobody permits more than their iD: then there are no permissions and no times of them. */
  marks: readonly Mark[] | null
}

/** One person. The name's link covers the row; the iD lies above it and leads to ORCID. */
export function ResearcherRow({ researcher, marks }: Props) {
  const t = useTranslations('staff')
  const {
    orcid,
    registry,
    name,
    liveScopes,
    department,
    localId,
    conflict,
    firstConnectedAt,
    expiresAt,
    lastCheckedAt,
  } = researcher
  return (
    <tr>
      <td data-place="name">
        <a href={`/staff/researchers/${orcid}`} title={name ?? undefined} className="whole-row">
          {name ? <bdi translate="no">{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
        </a>
        <KnownHere parts={[conflict ? t('states.conflict') : null, localId, department]} />
      </td>
      <td data-place="orcid">
        <span className="above">
          <OrcidId uri={orcidUri(orcid, registry)} name={name} {...toProof(researcher)} format="compact" />
        </span>
      </td>
      <td data-place="state">
        <State state={toShownState(researcher, new Date())} />
      </td>
      {marks ? (
        <>
          <td data-place="permissions">
            <span className="above">
              <PermissionMarks marks={marks} live={liveScopes} />
            </span>
          </td>
          <Time place="connected" at={firstConnectedAt} label={t('list.columns.connected')} absent={t('list.none')} />
          <Time place="expires" at={expiresAt} label={t('list.columns.expires')} absent={t('list.none')} />
        </>
      ) : null}
      <Time place="checked" at={lastCheckedAt} label={t('list.columns.checked')} absent={t('list.never')} />
    </tr>
  )
}

/** What the institution knows, in a second line; the whole of it on hover where it does not fit. */
function KnownHere({ parts }: { parts: (string | null)[] }) {
  const words = parts.filter(Boolean).join(' · ')
  if (!words) return null
  return (
    <span className="known-here" title={words}>
      {words}
    </span>
  )
}

type TimeProps = { place: string; at: Date | null; label: string; absent: string }

/** Where the row has folded, no head of a column says which time this is. */
function Time({ place, at, label, absent }: TimeProps) {
  return (
    <td data-place={place} className="time">
      {at ? (
        <>
          <span className="column-name">{label} </span>
          <When at={at} />
        </>
      ) : (
        <span className="absent">{absent}</span>
      )}
    </td>
  )
}
