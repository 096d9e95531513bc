/** The iD icon, from `public/`, where an operator may put ORCID's own artwork. Never recoloured. */
export function IdIcon({
  authenticated,
  size = 20,
  alt = '',
}: {
  authenticated: boolean
  size?: number
  alt?: string
}) {
  const source = authenticated ? '/id-icon.svg' : '/id-icon-unauthenticated.svg'
  return (
    <picture>
      <img src={source} width={size} height={size} alt={alt} />
    </picture>
  )
}
