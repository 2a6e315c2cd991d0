/** SQL files are imported as text, which also puts them into the compiled binary. */
declare module '*.sql' {
  const text: string
  export default text
}
