"""Changes of training images: shifts, flips, erased rectangles, smaller sizes."""

import torch
import torch.nn.functional as functional

CROP = 2  # pixels of zero padding around a training image before a random 28x28 crop
ERASED = (4, 12)  # least and most height and width of the erased rectangle


def shift_and_flip(images, generator):
    """Each image [N][28][28] flipped left-right with probability 1/2 and shifted by up to CROP pixels."""
    count, height, width = images.shape
    flip = torch.rand(count, generator=generator) < 0.5
    images = torch.where(flip[:, None, None], images.flip(2), images)
    padded = functional.pad(images, (CROP,) * 4)
    rows = torch.randint(2 * CROP + 1, (count, 1, 1), generator=generator) + torch.arange(height)[None, :, None]
    columns = torch.randint(2 * CROP + 1, (count, 1, 1), generator=generator) + torch.arange(width)[None, None, :]
    return padded[torch.arange(count)[:, None, None], rows, columns]


def erase(images, probability, generator):
    """With this probability a rectangle of each image [N][28][28] becomes noise ("random erasing")."""
    count, height, width = images.shape

    def inside(extent):
        size = torch.randint(ERASED[0], ERASED[1] + 1, (count, 1), generator=generator)
        start = (torch.rand(count, 1, generator=generator) * (extent + 1 - size)).long()
        place = torch.arange(extent)[None]
        return (place >= start) & (place < start + size)

    chosen = torch.rand(count, generator=generator) < probability
    erased = inside(height)[:, :, None] & inside(width)[:, None, :] & chosen[:, None, None]
    noise = torch.randint(256, images.shape, dtype=torch.uint8, generator=generator)
    return torch.where(erased, noise, images)


def resized(images, size):
    """[N][1][28][28] shrunk to size x size."""
    if size == images.shape[2]:
        return images
    return functional.interpolate(images, (size, size), mode="bilinear", antialias=True)
