import { useTranslations } from 'next-intl'
import { Period } from '@/app/_components/record/period'
import { ItemList, RecordItem } from '@/app/_components/record/record-item'
import { WebLink } from '@/app/_components/record/web-link'
import type { Group } from '@/lib/orcid/record'
import type { Affiliation, ExternalId, Funding, Work } from '@/lib/orcid/record-items'

type Activity = Affiliation | Funding | Work

/** A person may have ten thousand works; a page has room for these. */
const groupsShownMax = 100

/** Activities of one kind. Of those that ORCID groups the person's preferred one is shown, with how many there are. */
export function Activities({ title, groups }: { title: string; groups: Group<Activity>[] }) {
  return (
    <ItemList title={title} more={Math.max(0, groups.length - groupsShownMax)}>
      {groups
        .slice(0, groupsShownMax)
        .map(({ externalIds, items: [first, ...others] }) =>
          first ? <ActivityItem key={first.putCode} activity={first} ids={externalIds} others={others.length} /> : null,
        )}
    </ItemList>
  )
}

function ActivityItem({ activity, ids, others }: { activity: Activity; ids: ExternalId[]; others: number }) {
  const t = useTranslations('record')
  const { words, about } = toLines(activity)
  const shown = ids.length > 0 ? ids : activity.externalIds
  return (
    <RecordItem
      item={activity}
      words={words ?? t('untitled')}
      about={about ? <span translate="no">{about}</span> : null}
    >
      <Period
        from={'publishedOn' in activity ? activity.publishedOn : activity.startOn}
        to={'publishedOn' in activity ? undefined : activity.endOn}
      />
      {shown.map((id) => (
        <p key={`${id.type} ${id.value}`} translate="no">
          {id.type}: <WebLink url={id.url}>{id.value}</WebLink>
        </p>
      ))}
      {activity.url && !shown.some(({ url }) => url === activity.url) ? (
        <WebLink url={activity.url}>{activity.url}</WebLink>
      ) : null}
      {others > 0 ? <p>{t('grouped', { count: others })}</p> : null}
    </RecordItem>
  )
}

/** What it is in one line, and what there is to say besides. */
function toLines(activity: Activity): { words: string | null; about: string | null } {
  if ('journal' in activity) {
    const { title, subtitle, journal, type } = activity
    return { words: join(': ', title, subtitle), about: join(' · ', journal, toWords(type)) }
  }
  const { organization } = activity
  const where = organization && join(', ', organization.name, organization.city, organization.country)
  if ('department' in activity) {
    const { title, department } = activity
    return title || department
      ? { words: join(', ', title, department), about: where }
      : {
          words: organization?.name ?? null,
          about: organization && join(', ', organization.city, organization.country),
        }
  }
  return { words: activity.title, about: join(' · ', where, toWords(activity.type)) }
}

const join = (between: string, ...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(between) || null

/** ORCID's words for kinds of works and fundings: `journal-article`. */
const toWords = (type: string | null) => type?.replaceAll('-', ' ') ?? null
