"""Tests of the front end: python3 -m unittest discover -s packages/language/python -t packages/language/python"""
