export {
  type PictureFormat,
  type PictureRequest,
  pictureStyle,
  writePicture,
} from './write-picture.ts';
