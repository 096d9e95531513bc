import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_components/empty-state'
import { Activities } from '@/app/_components/record/activities'
import { ItemList, RecordItem } from '@/app/_components/record/record-item'
import { WebLink } from '@/app/_components/record/web-link'
import { affiliationKinds, type OrcidRecord } from '@/lib/orcid/record'

/** A record as far as whoever asked may see it, each item with who may see it and who put it there. */
export function RecordView({ record }: { record: OrcidRecord }) {
  const t = useTranslations('record')
  const missing = findMissing(record)
  if (missing.length === everything.length) return <EmptyState>{t('empty')}</EmptyState>
  return (
    <div className="space-y-8">
      <Names record={record} />
      <About record={record} />
      {affiliationKinds.map((kind) => (
        <Activities key={kind} title={t(`sections.${kind}`)} groups={record.affiliations[kind]} />
      ))}
      <Activities title={t('sections.fundings')} groups={record.fundings} />
      <Activities title={t('sections.works')} groups={record.works} />
      {missing.length > 0 ? (
        <p className="note">{t('missing', { sections: missing.map((name) => t(`sections.${name}`)).join(', ') })}</p>
      ) : null}
    </div>
  )
}

const lists = ['otherNames', 'keywords', 'countries', 'emails', 'links', 'externalIds', 'fundings', 'works'] as const
const everything = ['name', 'biography', ...affiliationKinds, ...lists] as const

function findMissing(record: OrcidRecord): (typeof everything)[number][] {
  return everything.filter((name) => {
    if (name === 'name' || name === 'biography') return record[name] === null
    const list = lists.find((one) => one === name)
    if (list) return record[list].length === 0
    return affiliationKinds.every((kind) => kind !== name || record.affiliations[kind].length === 0)
  })
}

function Names({ record: { name, otherNames } }: { record: OrcidRecord }) {
  const t = useTranslations('record')
  if (!name && otherNames.length === 0) return null
  const full = [name?.given, name?.family].filter(Boolean).join(' ')
  return (
    <ItemList title={t('sections.name')}>
      {name && full ? <RecordItem item={{ visibility: name.visibility }} words={full} about={t('given')} /> : null}
      {name?.credit ? (
        <RecordItem item={{ visibility: name.visibility }} words={name.credit} about={t('credit')} />
      ) : null}
      {otherNames.map((item) => (
        <RecordItem key={item.putCode} item={item} words={item.content} about={t('other')} />
      ))}
    </ItemList>
  )
}

function About({ record }: { record: OrcidRecord }) {
  const t = useTranslations('record')
  const { biography, keywords, countries, emails, links, externalIds } = record
  return (
    <>
      {biography ? (
        <ItemList title={t('sections.biography')}>
          <RecordItem item={biography} words={biography.content} />
        </ItemList>
      ) : null}
      <ItemList title={t('sections.keywords')}>
        {keywords.map((item) => (
          <RecordItem key={item.putCode} item={item} words={item.content} />
        ))}
      </ItemList>
      <ItemList title={t('sections.countries')}>
        {countries.map((item) => (
          <RecordItem key={item.putCode} item={item} words={item.country} />
        ))}
      </ItemList>
      <ItemList title={t('sections.emails')}>
        {emails.map((item) => (
          <RecordItem key={item.address} item={item} words={item.address} about={item.primary ? t('primary') : null} />
        ))}
      </ItemList>
      <ItemList title={t('sections.links')}>
        {links.map((item) => (
          <RecordItem key={item.putCode} item={item} words={item.name ?? item.written}>
            <WebLink url={item.url}>{item.written}</WebLink>
          </RecordItem>
        ))}
      </ItemList>
      <ItemList title={t('sections.externalIds')}>
        {externalIds.map((item) => (
          <RecordItem key={item.putCode} item={item} words={item.value} about={<span translate="no">{item.type}</span>}>
            {item.url ? <WebLink url={item.url}>{item.url}</WebLink> : null}
          </RecordItem>
        ))}
      </ItemList>
    </>
  )
}
