export function MediaView() {
  return null;
}
