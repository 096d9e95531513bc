export default function Home() {
  return <p>Signed in.</p>
}
