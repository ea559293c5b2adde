"""What any program needs: progress, processes, caches, files that are written whole or not at all."""
