declare module 'next/dist/compiled/react-dom/server.node.js' {
  export { renderToStaticMarkup } from 'react-dom/server'
}
