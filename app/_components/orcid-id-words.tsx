import { IdIcon } from '@/app/_components/id-icon'

type Props = {
  uri: string
  authenticated: boolean
  beingChecked?: boolean
  format?: 'full' | 'compact' | 'inline'
  words: { view: string; icon: string; unauthenticated: string }
}

/** `OrcidId` with its words from elsewhere, for what is rendered again in the browser, where no messages are. */
export function OrcidIdWords({ uri, authenticated, beingChecked = false, format = 'full', words }: Props) {
  const split = uri.lastIndexOf('/') + 1
  const [host, orcid] = [uri.slice(0, split), uri.slice(split)]
  return (
    <span className="orcid-id">
      <a href={uri} aria-label={words.view} title={format === 'inline' ? uri : undefined}>
        <IdIcon authenticated={authenticated && !beingChecked} size={format === 'full' ? 20 : 16} alt={words.icon} />
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
        <span className={format === 'inline' ? 'sr-only' : 'note whitespace-nowrap'}>{words.unauthenticated}</span>
      )}
    </span>
  )
}
