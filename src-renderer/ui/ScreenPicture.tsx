import { type RefObject, useEffect, useRef, useState } from 'react';
import { decodePpm } from './ppm.ts';

type Picture = { mime: string; data: Uint8Array };

type Props = {
  /** Fetches one picture; null = the guest shows nothing now. */
  load: () => Promise<Picture | null>;
  /** Whether there is a screen to look at. */
  live: boolean;
  label: string;
  placeholder: string;
  everyMs?: number;
};

async function draw(canvas: HTMLCanvasElement, picture: Picture): Promise<boolean> {
  const context = canvas.getContext('2d');
  if (!context) return false;
  const pixels = decodePpm(picture.data);
  if (pixels) {
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    context.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0);
    return true;
  }
  try {
    const blob = new Blob([new Uint8Array(picture.data)], { type: picture.mime });
    const bitmap = await createImageBitmap(blob);
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return true;
  } catch {
    return false;
  }
}

/** Asks for the next picture only when the last one is drawn, and not while nobody can see it. */
function usePictures(canvas: RefObject<HTMLCanvasElement | null>, props: Props): boolean {
  const [drawn, setDrawn] = useState(false);
  const { live, everyMs = 1000 } = props;
  const load = useRef(props.load);
  load.current = props.load;
  useEffect(() => {
    if (!live) return setDrawn(false);
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = async () => {
      const picture = document.hidden ? null : await load.current();
      if (stopped) return;
      if (picture && canvas.current) setDrawn(await draw(canvas.current, picture));
      if (!stopped) timer = setTimeout(tick, everyMs);
    };
    void tick();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [live, everyMs, canvas]);
  return drawn;
}

/** The guest's screen as a small picture, renewed about once a second while it is looked at. */
export function ScreenPicture(props: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = usePictures(canvas, props);
  return (
    <div className="screen" data-testid="thumbnail" data-drawn={drawn}>
      <canvas ref={canvas} role="img" aria-label={props.label} hidden={!drawn} />
      {drawn ? null : <span>{props.placeholder}</span>}
    </div>
  );
}
