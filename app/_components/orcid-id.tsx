import { useTranslations } from 'next-intl'
import { OrcidIdWords } from '@/app/_components/orcid-id-words'

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
 * An ORCID iD as ORCID wants it shown: with its icon, as one link to its record. The only thing that prints one.
 * https://info.orcid.org/documentation/integration-guide/orcid-id-display-guidelines/
 */
export function OrcidId({ name, ...props }: Props) {
  const t = useTranslations('pieces.orcidId')
  const whose = name || props.uri.slice(props.uri.lastIndexOf('/') + 1)
  const words = { view: t('view', { whose }), icon: t('icon'), unauthenticated: t('unauthenticated') }
  return <OrcidIdWords {...props} words={words} />
}
