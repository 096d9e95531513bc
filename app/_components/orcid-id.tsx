import { useTranslations } from 'next-intl'
import { IdIcon } from '@/app/_components/id-icon'

type Props = {
  /** The whole address of the record, `https://orcid.org/0000-…`. */
  uri: string
  /** False for an iD that nobody proves any more: it gets the other icon and says so. */
  authenticated: boolean
  /** ORCID refused a token, and is being asked again: the other icon, and no word, because nothing is certain. */
  beingChecked?: boolean
  /** Whose record; the iD itself stands in where the name is private. */
  name?: string | null
  /** `full` shows the address, `compact` the digits, `inline` the icon alone. */
  format?: 'full' | 'compact' | 'inline'
}

/**
 * An ORCID iD as ORCID wants it shown: with its icon, as one link to its record. Rows of the list have a smaller one.
 * https://info.orcid.org/documentation/integration-guide/orcid-id-display-guidelines/
 */
export function OrcidId({ uri, authenticated, beingChecked = false, name, format = 'full' }: Props) {
  const t = useTranslations('pieces.orcidId')
  const split = uri.lastIndexOf('/') + 1
  const [host, orcid] = [uri.slice(0, split), uri.slice(split)]
  return (
    <span className="orcid-id">
      <a href={uri} aria-label={t('view', { whose: name || orcid })} title={format === 'inline' ? uri : undefined}>
        <IdIcon authenticated={authenticated && !beingChecked} size={format === 'full' ? 20 : 16} alt={t('icon')} />
        {format === 'full' ? (
          // The digits are never broken; on a narrow screen the line may end before them.
          <span translate="no" className="mono">
            <span className="whitespace-nowrap">{host}</span>
            <wbr />
            <bdi dir="ltr">{orcid}</bdi>
          </span>
        ) : null}
        {format === 'compact' ? (
          <bdi translate="no" dir="ltr" className="mono">
            {orcid}
          </bdi>
        ) : null}
      </a>
      {authenticated ? null : (
        <span className={format === 'inline' ? 'sr-only' : 'note whitespace-nowrap'}>{t('unauthenticated')}</span>
      )}
    </span>
  )
}
